package org.generalvision.data.source;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.nio.file.Path;

/** Orders and tasks as text, for other processes of the same version. */
final class BuildJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Path.class, new PathWriter())
                    .addDeserializer(Path.class, new PathReader()))
            .addMixIn(SourceConfig.class, Kind.class)
            .build();

    static {
        JSON.registerSubtypes(SourceConfig.class.getPermittedSubclasses());
    }

    private BuildJson() {}

    /** Which source it is stands beside its members. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    private interface Kind {}

    static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write a " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }

    static <T> T parse(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "This is no %s: %s; it was written by another version"
                            .formatted(type.getSimpleName(), e.getOriginalMessage()),
                    e);
        }
    }

    /** Plain names, absolute: another process may stand in another folder. */
    private static final class PathWriter extends StdScalarSerializer<Path> {
        private static final long serialVersionUID = 1;

        PathWriter() {
            super(Path.class);
        }

        @Override
        public void serialize(Path path, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(path.toAbsolutePath().toString());
        }
    }

    private static final class PathReader extends StdDeserializer<Path> {
        private static final long serialVersionUID = 1;

        PathReader() {
            super(Path.class);
        }

        @Override
        public Path deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Path.of(parser.getText());
        }
    }
}
