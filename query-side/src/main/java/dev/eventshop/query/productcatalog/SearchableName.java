package dev.eventshop.query.productcatalog;

import java.text.Normalizer;
import java.util.Locale;

/** Names as they are searched for: without regard to case and to how accents are encoded, by the rules of no language. */
final class SearchableName {

    private SearchableName() {}

    static String of(String name) {
        String upper = Normalizer.normalize(name, Normalizer.Form.NFC).toUpperCase(Locale.ROOT);
        return upper.toLowerCase(Locale.ROOT); // both: some letters meet in one direction only
    }
}
