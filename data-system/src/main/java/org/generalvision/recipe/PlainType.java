package org.generalvision.recipe;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** A class as a type without annotations. */
record PlainType(Type type) implements AnnotatedType {
    private static final Annotation[] NONE = {};

    @Override
    public Type getType() {
        return type;
    }

    @Override
    public <T extends Annotation> @Nullable T getAnnotation(Class<T> annotationClass) {
        return null;
    }

    @Override
    public Annotation[] getAnnotations() {
        return NONE.clone();
    }

    @Override
    public Annotation[] getDeclaredAnnotations() {
        return NONE.clone();
    }
}
