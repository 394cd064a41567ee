package org.generalvision.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {
    @ParameterizedTest
    @CsvSource({
        "corpora/train,corpora/train",
        "/data/a b,/data/a b",
        "file:///data/x,/data/x",
        "C:thing,C:thing",
        "a:b/c,a:b/c",
        ".,."
    })
    void aPathIsOnThisMachine(String text, Path path) {
        assertThat(Location.parse(text)).isEqualTo(Location.of(path));
        assertThat(Location.parse(text).requireLocal()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket/gv-d/train,bucket,gv-d/train,train",
        "s3://bucket/gv-d/train/,bucket,gv-d/train,train",
        "s3://my.bucket-1,my.bucket-1,'',my.bucket-1",
        "s3://bucket/,bucket,'',bucket",
        "s3://bucket/a b/k=1,bucket,a b/k=1,k=1"
    })
    void aFolderInABucketHasBucketAndPrefix(String text, String bucket, String prefix, String name) {
        assertThat(Location.parse(text)).isEqualTo(new S3Location(bucket, prefix, null, null, false, false));
        assertThat(Location.parse(text).name()).isEqualTo(name);
        assertThat(Location.parse(text)).hasToString("s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix));
    }

    @Test
    void settingsStandInAQuery() {
        assertThat(Location.parse("s3://bucket/x?endpoint=http://[::1]:9000&region=eu-1"))
                .isEqualTo(new S3Location("bucket", "x", URI.create("http://[::1]:9000"), "eu-1", true, false));
        assertThat(Location.parse("s3://bucket?endpoint=https://store.example&pathStyle=false&anonymous=true"))
                .isEqualTo(new S3Location("bucket", "", URI.create("https://store.example"), null, false, true))
                .hasToString("s3://bucket");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3:/bucket/x | must begin with s3://",
                "s3:bucket | must begin with s3://",
                "S3://bucket/x | must begin with s3://",
                "gs://bucket/x | must be a path or begin with s3://, not with gs:",
                "https://bucket/x | not with https:",
                "s3:// | must name a bucket",
                "s3://Bucket/x | must name a bucket",
                "s3://ab/x | must name a bucket",
                "s3://bucket//x | between single slashes",
                "s3://bucket/a/../x | between single slashes",
                "s3://bucket/a/./x | between single slashes",
                "s3://bucket/a#b | between single slashes",
                "s3://bucket/x?endpoint=store.example | must have an endpoint such as",
                "s3://bucket/x?endpoint=ftp://store.example | must have an endpoint such as",
                "s3://bucket/x?endpoint=http://a b | must have an endpoint that is a URI",
                "s3://bucket/x?pathStyle=yes | must say true or false for pathStyle: yes",
                "s3://bucket/x?region=EU | must name a region",
                "s3://bucket/x?region=a&region=b | each once",
                "s3://bucket/x?zone=a | must have settings such as",
                "s3://bucket/x? | must have settings such as",
            })
    void whatIsNoLocationIsRefused(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Location.parse(text))
                .withMessageContaining(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Location.require("directory", text))
                .withMessageStartingWith("directory must ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://KEYID:topsecret@bucket/x",
                "s3://bucket/x?endpoint=http://user:topsecret@store.example",
                "s3://bucket/x?secretAccessKey=topsecret",
                "s3://bucket/x?topsecret",
                "gs://user:topsecret@bucket"
            })
    void credentialsAreRefusedAndNotRepeated(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Location.parse(text))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("http://user", "=topsecret", ":topsecret"));
    }

    @Test
    void aFolderInABucketIsNotChanged() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Location.parse("s3://bucket/x").requireLocal())
                .withMessageContainingAll("s3://bucket/x", "gv data pull", "gv data push");
    }

    @Test
    void theCacheOfAUserIsWhereTheLauncherOrTheEnvironmentSays() {
        assertThat(UserCache.folder("/c", Map.of("GV_CACHE", "/d"))).isEqualTo(Path.of("/c/shards"));
        assertThat(UserCache.folder(null, Map.of("GV_CACHE", "/d"))).isEqualTo(Path.of("/d/shards"));
        assertThat(UserCache.folder(null, Map.of("XDG_CACHE_HOME", "/e")))
                .isEqualTo(Path.of("/e/general-vision/shards"));
        assertThat(UserCache.folder(null, Map.of()))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/general-vision/shards"));
    }

    @Test
    void theLimitOfTheCacheIsASize() {
        assertThat(UserCache.limit(Map.of())).isEqualTo(20L << 30);
        assertThat(UserCache.limit(Map.of("GV_CACHE_LIMIT", "1000"))).isEqualTo(1000);
        assertThat(UserCache.limit(Map.of("GV_CACHE_LIMIT", "21474836480"))).isEqualTo(20L << 30);
        assertThat(UserCache.limit(Map.of("GV_CACHE_LIMIT", "500G"))).isEqualTo(500L << 30);
        assertThat(UserCache.limit(Map.of("GV_CACHE_LIMIT", "2tb"))).isEqualTo(2L << 40);
        for (String text : new String[] {"", "0", "-1", "1.5g", "g", "99999999999t", "1x"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> UserCache.limit(Map.of("GV_CACHE_LIMIT", text)))
                    .withMessageContainingAll("GV_CACHE_LIMIT must be a size", text);
        }
    }
}
