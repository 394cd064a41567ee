package org.generalvision.benchmark.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterServer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.optimizer.Optimizer;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The boundaries that the build holds. A rule that matches no class fails, and so does an import of too few classes. */
class ArchitectureTest {
    private static final String BASE = "org.generalvision.";
    private static final int FEWEST_CLASSES = 300;

    private static final String[] DATA_SYSTEM = {BASE + "data..", BASE + "recipe..", BASE + "report.."};
    private static final String[] METANET = {
        BASE + "nn..",
        BASE + "train..",
        BASE + "metric..",
        BASE + "metanet..",
        BASE + "zoo..",
        BASE + "search..",
        BASE + "weights.."
    };
    private static final String[] UPSTREAM = {BASE + "upstream.."};
    private static final String[] ADAPTATION = {BASE + "adaptation.."};
    private static final String[] BENCHMARK = {BASE + "benchmark.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.generalvision");

    @Test
    void enoughClassesAreSeenForTheRulesToMeanSomething() {
        assertThat(CLASSES).hasSizeGreaterThanOrEqualTo(FEWEST_CLASSES);
    }

    @Test
    void theModulesFormOneChain() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("data-system")
                .definedBy(DATA_SYSTEM)
                .layer("metanet")
                .definedBy(METANET)
                .layer("upstream")
                .definedBy(UPSTREAM)
                .layer("adaptation")
                .definedBy(ADAPTATION)
                .layer("benchmark")
                .definedBy(BENCHMARK)
                .whereLayer("benchmark")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("adaptation")
                .mayOnlyBeAccessedByLayers("benchmark")
                .whereLayer("upstream")
                .mayOnlyBeAccessedByLayers("adaptation", "benchmark")
                .whereLayer("metanet")
                .mayOnlyBeAccessedByLayers("upstream", "adaptation", "benchmark")
                .check(CLASSES);
    }

    @Test
    void everyPackageBelongsToAModule() {
        String[] known = List.of(DATA_SYSTEM, METANET, UPSTREAM, ADAPTATION, BENCHMARK).stream()
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(known).check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(BASE + "(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theReaderOfRecipesKnowsNothingElse() {
        noClasses()
                .that()
                .resideInAPackage(BASE + "recipe..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("org.generalvision..").and(not(resideInAPackage(BASE + "recipe.."))))
                .check(CLASSES);
    }

    @Test
    void layersAndEngineKnowNoMethod() {
        noClasses()
                .that()
                .resideInAnyPackage(BASE + "nn..", BASE + "train..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        BASE + "metanet..",
                        BASE + "zoo..",
                        BASE + "search..",
                        BASE + "upstream..",
                        BASE + "adaptation..",
                        BASE + "benchmark.."))
                .check(CLASSES);
    }

    @Test
    void theEngineSeesARecipeOnlyAsText() {
        noClasses()
                .that()
                .resideInAPackage(BASE + "train..")
                .should()
                .dependOnClassesThat(resideInAPackage(BASE + "recipe.."))
                .check(CLASSES);
    }

    @Test
    void stagesShareCodeOnlyThroughHeads() {
        for (String stage : List.of("amateur", "expert", "distill")) {
            String[] others = Set.of("amateur", "expert", "distill", "generalist").stream()
                    .filter(other -> !other.equals(stage))
                    // A student is an expert, with a teacher beside it.
                    .filter(other -> !(stage.equals("distill") && other.equals("expert")))
                    .map(other -> BASE + "upstream." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(BASE + "upstream." + stage + "..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(others))
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void onlyCommandLinesParseArgumentsPrintAndEndTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..cli..")
                .should()
                .dependOnClassesThat(resideInAPackage("picocli.."))
                .orShould(ACCESS_STANDARD_STREAMS)
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = StreamSupport.stream(CLASSES.spliterator(), false)
                .map(JavaClass::getPackage)
                .filter(p -> !p.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(Collectors.toSet());
        assertThat(unmarked).isEmpty();
    }

    @Test
    void everyDrawComesFromAKeyedStream() {
        noClasses()
                .should()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(Collections.class, "shuffle", List.class)
                .orShould()
                .dependOnClassesThat(belongToAnyOf(ThreadLocalRandom.class))
                .orShould()
                .dependOnClassesThat(assignableTo(Random.class))
                .check(CLASSES);
    }

    @Test
    void theEnginesOwnTrainingIsNotUsed() {
        noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "are DJL's training loop, optimizers, transformer blocks or norms",
                        type -> resideInAnyPackage("ai.djl.nn.transformer..", "ai.djl.training.listener..")
                                .or(assignableTo(TrainingListener.class))
                                .or(assignableTo(Optimizer.class))
                                .or(assignableTo(ParameterServer.class))
                                .or(belongToAnyOf(
                                        ai.djl.training.EasyTrain.class,
                                        ai.djl.training.Trainer.class,
                                        ai.djl.nn.norm.LayerNorm.class,
                                        ai.djl.nn.norm.BatchNorm.class))
                                .test(type)))
                .check(CLASSES);
    }

    @Test
    void onlyTheTrainingStepCallsBackward() {
        assertThat(callers(ArchitectureTest::isBackward)).containsExactly(BASE + "train.TrainStep");
    }

    @Test
    void onlyTheTrainingStepMovesParameters() {
        assertThat(callers(access -> access.getTargetOwner().getName().equals(BASE + "train.Optimizer")
                        && access.getName().equals("update")))
                .containsExactly(BASE + "train.TrainStep");
    }

    private static boolean isBackward(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        boolean differentiates = owner.isAssignableTo(GradientCollector.class)
                || owner.getName().equals("ai.djl.pytorch.jni.JniUtils")
                || owner.isAssignableTo(Engine.class);
        return differentiates && Set.of("backward", "newGradientCollector").contains(access.getName());
    }

    /** Why: see {@code Ops.scale}. Sums and differences with a number are safe, and so is all that changes in place. */
    @Test
    void numbersThatAGradientReadsAreNotLeftToTheGarbageCollector() {
        assertThat(callers(ArchitectureTest::isProductWithNumber)).isEmpty();
    }

    private static boolean isProductWithNumber(JavaAccess<?> access) {
        return access instanceof JavaMethodCall call
                && call.getTargetOwner().isAssignableTo(NDArray.class)
                && Set.of("mul", "div", "pow", "mod", "maximum", "minimum").contains(call.getName())
                && call.getTarget().getRawParameterTypes().get(0).isEquivalentTo(Number.class);
    }

    private static Set<String> callers(java.util.function.Predicate<JavaAccess<?>> predicate) {
        return StreamSupport.stream(CLASSES.spliterator(), false)
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(predicate)
                .map(access -> access.getOriginOwner().getName())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
