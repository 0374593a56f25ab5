package dev.eventshop.notification.delivery.template;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The languages of the emails, and where their numbers are written as their readers expect. */
enum Language {
    EN("en", Locale.US),
    VI("vi", Locale.forLanguageTag("vi-VN"));

    private final String tag;
    private final Locale words;
    private final Locale numbers;

    Language(String tag, Locale numbers) {
        this.tag = tag;
        this.words = Locale.forLanguageTag(tag);
        this.numbers = numbers;
    }

    /** @return English, when there is no such language */
    static Language of(@Nullable String tag) {
        return Arrays.stream(values())
                .filter(language -> language.tag.equals(tag))
                .findFirst()
                .orElse(EN);
    }

    static List<String> tags() {
        return Arrays.stream(values()).map(Language::tag).toList();
    }

    String tag() {
        return tag;
    }

    Locale words() {
        return words;
    }

    Locale numbers() {
        return numbers;
    }
}
