package org.generalvision.benchmark.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv doctor}: what this machine has, and how to mend what is wrong. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Check Java, engine, threads, memory, disk and devices, and say how to mend what is wrong.",
            "A machine without GPU or network is healthy. Exit status 1 if something has to be mended."
        })
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print a JSON document.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private record Report(boolean healthy, List<Diagnosis> checks) {}

    @Override
    public Integer call() {
        List<Diagnosis> checks = Diagnosis.all();
        boolean healthy = checks.stream().allMatch(Diagnosis::ok);
        if (json) {
            Json.print(spec, new Report(healthy, checks));
        } else {
            for (Diagnosis check : checks) {
                spec.commandLine()
                        .getOut()
                        .printf("%-4s %-8s %s%n", check.ok() ? "ok" : "BAD", check.name(), check.found());
                if (!check.ok()) {
                    spec.commandLine().getOut().printf("     %-8s to mend it: %s%n", "", check.remedy());
                }
            }
            spec.commandLine().getOut().println(healthy ? "This machine is healthy." : "Something has to be mended.");
        }
        return healthy ? 0 : 1;
    }
}
