package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Pass;
import org.jspecify.annotations.Nullable;

/**
 * The two towers with the heads of DeCLIP's self-supervision: children {@code simsiam} and {@code masked_language} beside
 * those of {@link ImageTextModel}, each only if its loss counts.
 */
public final class AmateurModel extends ImageTextModel {
    private final @Nullable SimSiam simSiam;
    private final @Nullable MaskedLanguageModel maskedLanguage;

    /**
     * A model that is not yet initialized.
     *
     * @param vocabularySize number of token ids
     */
    public AmateurModel(ImageTextModel.Config config, AmateurConfig amateur, int vocabularySize) {
        super(config, vocabularySize);
        LossWeights weights = amateur.weights();
        simSiam = weights.imageSelf() == 0
                ? null
                : child("simsiam", new SimSiam(config.embeddingWidth(), amateur.simSiam()));
        maskedLanguage = weights.textSelf() == 0
                ? null
                : child("masked_language", new MaskedLanguageModel(config.text().width(), vocabularySize));
    }

    NDArray simSiamLoss(NDArray embedding1, NDArray embedding2, Pass pass) {
        if (simSiam == null) {
            throw new IllegalStateException("The weight of SimSiam is 0, so the model has no heads for it");
        }
        return simSiam.loss(embedding1, embedding2, pass);
    }

    NDArray maskedLoss(NDArray states_BLW, MaskedTexts texts, Pass pass) {
        if (maskedLanguage == null) {
            throw new IllegalStateException("The weight of masked language modelling is 0, so the model has no head");
        }
        return maskedLanguage.loss(states_BLW, texts, pass);
    }
}
