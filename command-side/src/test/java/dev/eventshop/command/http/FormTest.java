package dev.eventshop.command.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.web.FieldError;
import dev.eventshop.web.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

    private final Form form = new Form();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ada Lovelace",
                "Nguy\u1ec5n Th\u1ecb Minh Khai",
                "\u738b\u5c0f\u660e",
                "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "Teapot \ud83d\udc69\u200d\ud83d\udcbb, 1.5 l",
                "O'Neil & Sons <Ltd>"
            })
    void takesNamesOfEveryScript(String text) {
        assertThat(form.text("name", text, 200)).isEqualTo(text);
        form.check();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \u2003",
                "\u00a0\u202f",
                "a\nb",
                "a\rb",
                "a\tb",
                "a\u0000b",
                "a\u2028b",
                "a\u202eb",
                "a\u200bb",
                "\ud83d",
                "a\ufeff"
            })
    void refusesWhatBreaksOrHidesText(String text) {
        form.text("name", text, 200);

        assertThatThrownBy(form::check)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.errors())
                                .extracting(FieldError::field)
                                .containsExactly("name"));
    }

    @Test
    void countsCharactersAsPeopleDo() {
        form.text("name", "\ud83d\udc69".repeat(200), 200);
        form.check();

        form.text("name", "\ud83d\udc69".repeat(201), 200);
        assertThatThrownBy(form::check).isInstanceOf(ProblemException.class);
    }

    @Test
    void collectsAllErrors() {
        form.text("name", null, 200);
        form.number("stock", -1, 0, 5);

        assertThatThrownBy(form::check)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.errors())
                                .extracting(FieldError::field)
                                .containsExactly("name", "stock"));
    }
}
