package dev.eventshop.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.standalone.client.UnexpectedAnswer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WatchTest {

    private static final String NOBODY = "";

    private static JsonNode work(String state, int percent) {
        return JsonMapper.shared().readTree("{\"id\":3,\"state\":\"%s\",\"percent\":%d}".formatted(state, percent));
    }

    @Test
    void looksAgainWhereNobodyAnswersForAMoment() {
        Queue<String> states = new ArrayDeque<>(List.of(NOBODY, "RUNNING", NOBODY, NOBODY, "COMPLETED"));
        StringWriter out = new StringWriter();

        JsonNode ended = Watch.untilEnd(new PrintWriter(out), "Replay 3", work("QUEUED", 0), id -> {
            assertThat(id).isEqualTo(3);
            String state = states.remove();
            if (state.equals(NOBODY)) {
                throw new UnexpectedAnswer("nobody listens there");
            }
            return work(state, state.equals("COMPLETED") ? 100 : 50);
        });

        assertThat(Watch.text(ended, "state")).isEqualTo("COMPLETED");
        assertThat(states).isEmpty();
        assertThat(out.toString()).contains("100");
    }
}
