package org.generalvision.recipe;

import com.google.common.base.CaseFormat;
import com.google.common.base.Splitter;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One node of a tree on its way to a Java value: the node and the path of keys that leads to it.
 *
 */
record Typed(Tree tree, String path) {
    static final String KIND = "kind";

    /** The value as the type says; null only where the type is marked {@code @Nullable}. */
    @Nullable
    Object as(AnnotatedType annotated) {
        Type type = annotated.getType();
        Class<?> raw = (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
        boolean isNull = tree instanceof Tree.Scalar scalar && scalar.isNull();
        if (raw == Optional.class) {
            return isNull ? Optional.empty() : Optional.of(present(as(argument(annotated, 0))));
        }
        if (isNull) {
            if (annotated.isAnnotationPresent(Nullable.class)) {
                return null;
            }
            throw error("must not be null; it must be " + name(raw));
        }
        if (raw == List.class) {
            return list(argument(annotated, 0));
        }
        if (raw == Map.class) {
            return map(argument(annotated, 1));
        }
        return isGroup(raw) ? group(raw) : ScalarType.of(raw).read(this);
    }

    /**
     * A record is a group of keys, unless it has a notation of its own; an enum whose constants have bodies is sealed, but one
     * word.
     */
    private static boolean isGroup(Class<?> type) {
        return (type.isSealed() && !type.isEnum()) || (type.isRecord() && ScalarType.Notation.parser(type) == null);
    }

    private static AnnotatedType argument(AnnotatedType annotated, int index) {
        return ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[index];
    }

    private Object present(@Nullable Object value) {
        if (value == null) {
            throw error("must not hold null");
        }
        return value;
    }

    private List<Object> list(AnnotatedType element) {
        if (!(tree instanceof Tree.Sequence sequence)) {
            throw error("must be a list, not " + tree.describe());
        }
        List<Object> items = new ArrayList<>();
        for (Tree item : sequence.items()) {
            Typed child = new Typed(item, join(path, Integer.toString(items.size())));
            items.add(child.present(child.as(element)));
        }
        return List.copyOf(items);
    }

    private Map<String, Object> map(AnnotatedType element) {
        Map<String, Object> values = new LinkedHashMap<>();
        mapping().entries().forEach((key, value) -> {
            Typed child = new Typed(value, join(path, key));
            values.put(key, child.present(child.as(element)));
        });
        return Collections.unmodifiableMap(values);
    }

    private Tree.Mapping mapping() {
        if (tree instanceof Tree.Mapping mapping) {
            return mapping;
        }
        throw error("must be a group of keys, not " + tree.describe());
    }

    private Object group(Class<?> type) {
        Map<String, Tree> entries = new LinkedHashMap<>(mapping().entries());
        if (type.isRecord()) {
            return record(type, entries, Set.of());
        }
        Map<String, Class<?>> kinds = kinds(type);
        Tree kind = entries.remove(KIND);
        if (kind == null) {
            throw error("needs the key kind, one of: " + String.join(", ", kinds.keySet()));
        }
        Class<?> chosen = kind instanceof Tree.Scalar scalar ? kinds.get(scalar.text()) : null;
        if (chosen == null) {
            String unknown = kind instanceof Tree.Scalar scalar ? scalar.text() : "";
            throw new Typed(kind, join(path, KIND))
                    .error("is unknown: " + kind.describe() + Spelling.suggestion(unknown, kinds.keySet()));
        }
        return record(chosen, entries, Set.of(KIND));
    }

    /** The records below a sealed type by their names in a recipe: {@code RandomResizedCrop} is random-resized-crop. */
    private static Map<String, Class<?>> kinds(Class<?> sealed) {
        Map<String, Class<?>> kinds = new LinkedHashMap<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                kinds.putAll(kinds(permitted));
            } else {
                kinds.put(CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_HYPHEN, permitted.getSimpleName()), permitted);
            }
        }
        return kinds;
    }

    private Object record(Class<?> type, Map<String, Tree> entries, Set<String> alsoKnown) {
        RecordComponent[] components = type.getRecordComponents();
        List<String> names =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        for (Map.Entry<String, Tree> entry : entries.entrySet()) {
            if (!names.contains(entry.getKey())) {
                Set<String> free =
                        names.stream().filter(n -> !entries.containsKey(n)).collect(Collectors.toSet());
                free.addAll(free.isEmpty() ? names : alsoKnown);
                throw new Typed(entry.getValue(), join(path, entry.getKey()))
                        .error("is not a known key" + Spelling.suggestion(entry.getKey(), free));
            }
        }
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Tree value = entries.get(names.get(i));
            if (value == null) {
                throw error("misses the key " + join(path, names.get(i)) + "; every key must be written");
            }
            values[i] = new Typed(value, join(path, names.get(i))).as(components[i].getAnnotatedType());
        }
        return construct(type, components, values);
    }

    private Object construct(Class<?> type, RecordComponent[] components, @Nullable Object[] values) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw outOfRange(components, refused);
            }
            throw new IllegalStateException(
                    "The constructor of " + type.getSimpleName() + " failed for another reason than its values",
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The record " + type.getName() + " cannot be constructed", e);
        }
    }

    /**
     * Records name the component first ("steps must be positive: 0", perhaps with the path that leads to it), so the message
     * tells which line is to blame.
     */
    private IllegalArgumentException outOfRange(RecordComponent[] components, IllegalArgumentException refused) {
        String message = String.valueOf(refused.getMessage());
        String subject = Splitter.on(' ').split(message).iterator().next();
        String first = subject.substring(subject.lastIndexOf('.') + 1);
        Tree culprit = Arrays.stream(components).anyMatch(c -> c.getName().equals(first))
                ? mapping().entries().get(first)
                : null;
        return culprit == null
                ? error(": " + message, refused)
                : new Typed(culprit, join(path, first)).error(": " + message, refused);
    }

    private static String name(Class<?> type) {
        if (type == List.class) {
            return "a list";
        }
        return isGroup(type) || type == Map.class
                ? "a group of keys"
                : ScalarType.of(type).expectation();
    }

    /** A refusal of this node: place, path, rule. */
    IllegalArgumentException error(String rule) {
        return error(rule, null);
    }

    IllegalArgumentException error(String rule, @Nullable Throwable cause) {
        String subject = path.isEmpty() ? "the recipe" : path;
        String gap = rule.startsWith(":") ? "" : " ";
        return new IllegalArgumentException(tree.place() + ": " + subject + gap + rule, cause);
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
