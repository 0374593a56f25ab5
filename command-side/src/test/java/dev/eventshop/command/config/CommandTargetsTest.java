package dev.eventshop.command.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.eventshop.command.product.AdjustStock;
import dev.eventshop.events.product.ProductId;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.modelling.command.AnnotationCommandTargetResolver;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;
import org.junit.jupiter.api.Test;

class CommandTargetsTest {

    private final CommandTargets targets = new CommandTargets();

    @Test
    void findsWhatAxonsOwnFinds() {
        GenericCommandMessage<AdjustStock> command =
                new GenericCommandMessage<>(new AdjustStock(new ProductId(17), 1, "found one"));

        VersionedAggregateIdentifier target = targets.resolveTarget(command);

        assertThat(target.getIdentifier()).isEqualTo("product-17");
        assertThat(target)
                .isEqualTo(AnnotationCommandTargetResolver.builder().build().resolveTarget(command));
    }

    @Test
    void refusesACommandForNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> targets.resolveTarget(new GenericCommandMessage<>("anything")))
                .withMessageContaining("String");
    }
}
