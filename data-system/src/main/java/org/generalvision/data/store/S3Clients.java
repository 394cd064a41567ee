package org.generalvision.data.store;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Sets the SDK up for a location. */
final class S3Clients {
    private S3Clients() {}

    static S3Client open(S3Location location, Patience patience) {
        BackoffStrategy pauses = BackoffStrategy.exponentialDelay(patience.pause(), patience.longestPause());
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(patience.silence())
                        .socketTimeout(patience.silence()))
                .overrideConfiguration(configuration ->
                        configuration.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(patience.attempts())
                                .backoffStrategy(pauses)
                                .throttlingBackoffStrategy(pauses)
                                .build()))
                // Other stores do not know the SDK's newer checksums; ours are there for every file.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .forcePathStyle(location.pathStyle());
        URI endpoint = location.endpoint();
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        } else if (!S3Location.endpointIsInEnvironment()) {
            builder.crossRegionAccessEnabled(true);
        }
        if (location.anonymous()) {
            builder.credentialsProvider(AnonymousCredentialsProvider.create());
        }
        return builder.region(region(location)).build();
    }

    /** A signature must name a region, also where a store has none; at Amazon the right one is found by asking for the bucket. */
    private static Region region(S3Location location) {
        if (location.region() != null) {
            return Region.of(location.region());
        }
        if (location.endpoint() != null && System.getenv("AWS_REGION") == null) {
            return Region.US_EAST_1;
        }
        try {
            return new DefaultAwsRegionProviderChain().getRegion();
        } catch (SdkException unknown) {
            return Region.US_EAST_1;
        }
    }
}
