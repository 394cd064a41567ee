package org.generalvision.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How another library names the parameters of a network that is known here under timm's names. A name is changed by each
 * rule in turn.
 */
public final class NameDialect {
    static final NameDialect OWN = new NameDialect("timm");

    /** Layouts that torchvision has stored in files. */
    static final List<NameDialect> MOBILENET = List.of(OWN, torchvisionMobileNetV2());

    static final List<NameDialect> EFFICIENTNET = List.of(OWN, efficientNet(7));

    /** The weight files that torchvision publishes name the linear maps as its versions before 0.14 did. */
    static final List<NameDialect> VIT = List.of(
            OWN,
            torchvisionVit("torchvision", "mlp.0", "mlp.3"),
            torchvisionVit("torchvision before 0.14", "mlp.linear_1", "mlp.linear_2"));

    static final List<NameDialect> SWIN = List.of(OWN, timmSwinBefore09(), torchvisionSwin());

    static final List<NameDialect> CONVNEXT = List.of(OWN, torchvisionConvNext());

    private final String library;
    private final List<Rule> rules = new ArrayList<>();

    private record Rule(Pattern pattern, Function<MatchResult, String> replacement) {}

    private NameDialect(String library) {
        this.library = library;
    }

    /** What the names are called after. */
    String library() {
        return library;
    }

    /** The other library's name of a parameter. */
    String of(String name) {
        String result = name;
        for (Rule rule : rules) {
            result = rule.pattern.matcher(result).replaceFirst(rule.replacement);
        }
        return result;
    }

    private NameDialect with(String regex, String replacement) {
        rules.add(new Rule(Pattern.compile(regex), match -> replacement));
        return this;
    }

    private NameDialect with(String regex, Function<MatchResult, String> replacement) {
        rules.add(new Rule(Pattern.compile(regex), replacement));
        return this;
    }

    private static int number(MatchResult match, int group) {
        return Integer.parseInt(match.group(group));
    }

    private static NameDialect torchvisionMobileNetV2() {
        List<Integer> repeats = InvertedResidualNet.Config.mobileNetV2(1).stages().stream()
                .map(InvertedResidualNet.Stage::repeats)
                .toList();
        int numBlocks = repeats.stream().mapToInt(Integer::intValue).sum();
        return new NameDialect("torchvision")
                .with("^conv_stem", "features.0.0")
                .with("^bn1", "features.0.1")
                .with("^conv_head", "features.%d.0".formatted(numBlocks + 1))
                .with("^bn2", "features.%d.1".formatted(numBlocks + 1))
                .with("^classifier", "classifier.1")
                .with("^blocks\\.0\\.0\\.conv_dw", "features.1.conv.0.0")
                .with("^blocks\\.0\\.0\\.bn1", "features.1.conv.0.1")
                .with("^blocks\\.0\\.0\\.conv_pw", "features.1.conv.1")
                .with("^blocks\\.0\\.0\\.bn2", "features.1.conv.2")
                .with("^blocks\\.(\\d+)\\.(\\d+)\\.", match -> {
                    int before = repeats.subList(0, number(match, 1)).stream()
                            .mapToInt(Integer::intValue)
                            .sum();
                    return "features.%d.".formatted(1 + before + number(match, 2));
                })
                .with("\\.conv_pwl", ".conv.2")
                .with("\\.bn3", ".conv.3")
                .with("\\.conv_pw", ".conv.0.0")
                .with("\\.bn1", ".conv.0.1")
                .with("\\.conv_dw", ".conv.1.0")
                .with("\\.bn2", ".conv.1.1");
    }

    /**
     * torchvision's names for a network of so many stages.
     */
    static NameDialect efficientNet(int numStages) {
        String head = "features." + (numStages + 1);
        return new NameDialect("torchvision")
                .with("^conv_stem", "features.0.0")
                .with("^bn1", "features.0.1")
                .with("^conv_head", head + ".0")
                .with("^bn2", head + ".1")
                .with("^classifier", "classifier.1")
                .with("^blocks\\.0\\.(\\d+)\\.conv_dw", match -> "features.1." + match.group(1) + ".block.0.0")
                .with("^blocks\\.0\\.(\\d+)\\.bn1", match -> "features.1." + match.group(1) + ".block.0.1")
                .with("^blocks\\.0\\.(\\d+)\\.se", match -> "features.1." + match.group(1) + ".block.1")
                .with("^blocks\\.0\\.(\\d+)\\.conv_pw", match -> "features.1." + match.group(1) + ".block.2.0")
                .with("^blocks\\.0\\.(\\d+)\\.bn2", match -> "features.1." + match.group(1) + ".block.2.1")
                .with(
                        "^blocks\\.(\\d+)\\.(\\d+)\\.",
                        match -> "features.%d.%d.block.".formatted(number(match, 1) + 1, number(match, 2)))
                .with("\\.conv_pwl", ".3.0")
                .with("\\.bn3", ".3.1")
                .with("\\.conv_pw", ".0.0")
                .with("\\.bn1", ".0.1")
                .with("\\.conv_dw", ".1.0")
                .with("\\.bn2", ".1.1")
                .with("\\.se\\.", ".2.")
                .with("\\.conv_reduce", ".fc1")
                .with("\\.conv_expand", ".fc2");
    }

    private static NameDialect torchvisionVit(String library, String first, String second) {
        return new NameDialect(library)
                .with("^cls_token", "class_token")
                .with("^pos_embed", "encoder.pos_embedding")
                .with("^patch_embed\\.proj", "conv_proj")
                .with("^norm", "encoder.ln")
                .with("^head", "heads.head")
                .with("^blocks\\.", "encoder.layers.encoder_layer_")
                .with("\\.norm1", ".ln_1")
                .with("\\.norm2", ".ln_2")
                .with("attn\\.qkv\\.", "self_attention.in_proj_")
                .with("attn\\.proj", "self_attention.out_proj")
                .with("mlp\\.fc1", first)
                .with("mlp\\.fc2", second);
    }

    /** There a stage ended with the merging that now begins the next one. */
    private static NameDialect timmSwinBefore09() {
        return new NameDialect("timm before 0.9")
                .with("^layers\\.(\\d+)\\.downsample", match -> "layers.%d.downsample".formatted(number(match, 1) - 1))
                .with("^head\\.fc", "head");
    }

    private static NameDialect torchvisionSwin() {
        return new NameDialect("torchvision")
                .with("^patch_embed\\.proj", "features.0.0")
                .with("^patch_embed\\.norm", "features.0.2")
                .with("^head\\.fc", "head")
                .with("^layers\\.(\\d+)\\.downsample", match -> "features." + 2 * number(match, 1))
                .with("^layers\\.(\\d+)\\.blocks\\.", match -> "features.%d.".formatted(2 * number(match, 1) + 1))
                .with("mlp\\.fc1", "mlp.0")
                .with("mlp\\.fc2", "mlp.3");
    }

    private static NameDialect torchvisionConvNext() {
        return new NameDialect("torchvision")
                .with("^stem\\.", "features.0.")
                .with("^head\\.norm", "classifier.0")
                .with("^head\\.fc", "classifier.2")
                .with("^stages\\.(\\d+)\\.downsample", match -> "features." + 2 * number(match, 1))
                .with("^stages\\.(\\d+)\\.blocks\\.", match -> "features.%d.".formatted(2 * number(match, 1) + 1))
                .with("\\.conv_dw", ".block.0")
                .with("\\.norm", ".block.2")
                .with("\\.mlp\\.fc1", ".block.3")
                .with("\\.mlp\\.fc2", ".block.5")
                .with("\\.gamma", ".layer_scale");
    }
}
