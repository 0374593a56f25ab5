package dev.eventshop.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTableTest {

    private final FaultTable table = new FaultTable("broker: embedded");
    private final Fault fault =
            Fault.unnoticed("mail: away", (world, random) -> {}).uncertain(Fault.IN_HAND);

    @Test
    void tellsWhatTheFaultsWereInjectedInto() {
        assertThat(table.toString()).startsWith("broker: embedded");
    }

    @Test
    void tellsHowManyEmailsAreUncertainAndHowManyMayBe() {
        Findings findings = new Findings();
        findings.uncertain = 3;
        table.add(fault, 10, 10, 0, List.of(Duration.ZERO, Duration.ZERO), findings);
        assertThat(table.toString()).contains(" 3 of 8 ");
        assertThat(table.failures()).isEmpty();
    }

    @Test
    void listsWhatIsLeftOut() {
        table.leftOut(fault.needing("RabbitMQ", false));
        assertThat(table.toString()).containsPattern("mail: away +left out: there is no RabbitMQ");
        assertThat(table.failures()).isEmpty();
    }

    @Test
    void failsForWhatHasNotRun() {
        table.notRun(fault, 2);
        assertThat(table.toString()).containsPattern("mail: away +not run 2 times: the time was up");
        assertThat(table.failures()).hasSize(1);
    }
}
