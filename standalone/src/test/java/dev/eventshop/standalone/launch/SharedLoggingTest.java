package dev.eventshop.standalone.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedLoggingTest {

    @Test
    void isNotTakenDownByAContextThatStops() {
        SharedLogging logging = new SharedLogging(getClass().getClassLoader());

        assertThat(logging.getShutdownHandler()).isNull();
    }
}
