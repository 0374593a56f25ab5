package dev.eventshop.standalone.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AnswerTest {

    private static Answer answer(int status, String body) {
        return new Answer(status, JsonMapper.shared().readTree(body), "");
    }

    @Test
    void saysWhatWasWrongWithTheRequest() {
        Answer refused = answer(422, """
                {"code": "INVALID_REQUEST", "detail": "The request has invalid fields.",
                 "errors": [{"field": "from", "message": "is for IN_PLACE only"}]}""");

        assertThatThrownBy(() -> refused.successful("POST /api/admin/replays"))
                .isInstanceOf(UnexpectedAnswer.class)
                .hasMessage("POST /api/admin/replays was answered with 422 INVALID_REQUEST: The request has invalid"
                        + " fields. from is for IN_PLACE only.");
    }

    @Test
    void saysWhyTheIssuerGivesNoToken() {
        Answer refused = answer(401, """
                {"error": "unauthorized_client", "error_description": "Invalid client or Invalid client credentials"}""");

        assertThatThrownBy(() -> refused.successful("POST /token"))
                .hasMessage("POST /token was answered with 401 unauthorized_client: Invalid client or Invalid client"
                        + " credentials");
    }

    @Test
    void saysTheStatusWhereThereIsNoMore() {
        assertThatThrownBy(() -> answer(500, "{}").successful("GET /"))
                .isInstanceOf(UnexpectedAnswer.class)
                .hasMessage("GET / was answered with 500");
    }
}
