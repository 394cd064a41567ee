package org.generalvision.data.cli;

import org.generalvision.data.curate.CurationEngine;
import org.generalvision.data.curate.CurationStep;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** A command that removes examples and can share its work among processes. */
@SuppressWarnings("NullAway.Init") // picocli sets the parent and the options before it calls.
abstract class SharedCurationCommand extends CurationCommand {
    @ParentCommand
    DataCommand data;

    @Mixin
    private EngineOptions engine;

    /** Whether Spark is asked for. */
    final boolean spark() {
        return engine.spark();
    }

    /** Finds what is to be removed; {@code progress} is to be run once for each example. */
    abstract void run(CurationStep step, CurationEngine worker, Runnable progress);

    @Override
    final void run(CurationStep step, Runnable progress) {
        CurationEngine shared = data.curation();
        run(step, shared == null ? CurationEngine.oneProcess() : shared, progress);
    }

    @Override
    public Integer call() {
        if (spark() && data.curation() == null) {
            return engine.runElsewhere(spec);
        }
        return super.call();
    }
}
