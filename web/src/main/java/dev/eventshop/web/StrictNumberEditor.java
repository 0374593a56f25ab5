package dev.eventshop.web;

import java.beans.PropertyEditorSupport;
import java.util.regex.Pattern;

/** Integers in query parameters, path variables and headers: decimal digits, and nothing around them. */
final class StrictNumberEditor extends PropertyEditorSupport {

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,18})");

    private final Class<?> type;

    StrictNumberEditor(Class<?> type) {
        this.type = type;
    }

    @Override
    public void setAsText(String text) {
        if (text.isEmpty() && !type.isPrimitive()) {
            setValue(null);
        } else if (!INTEGER.matcher(text).matches()) {
            throw new NumberFormatException();
        } else if (type == long.class || type == Long.class) {
            setValue(Long.valueOf(text));
        } else {
            setValue(Integer.valueOf(text));
        }
    }
}
