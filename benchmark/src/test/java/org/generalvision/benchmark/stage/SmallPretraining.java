package org.generalvision.benchmark.stage;

import java.util.List;

/** Pretraining on images with texts for tests. */
public final class SmallPretraining {
    /** Overrides that make a desk recipe a matter of seconds. */
    public static final List<String> OVERRIDES = List.of(
            "data.loader.batchSize=8",
            "data.tokenizer.vocabularySize=515",
            "model.text.width=32",
            "model.text.numHeads=2",
            "evaluation.retrieval=[]",
            "evaluation.zeroShot=[]",
            "train.schedule.warmup=1",
            "train.device=cpu",
            "train.logEvery=1");

    private SmallPretraining() {}
}
