package dev.eventshop.command.config;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.modelling.command.VersionedAggregateIdentifier;

/**
 * Finds the aggregate of a command by the component of its record that has {@link TargetAggregateIdentifier}. Which one
 * that is is looked up once for each class; Axon's own resolver goes through all methods and fields for each command.
 */
final class CommandTargets implements CommandTargetResolver {

    private final ClassValue<Method> accessors = new ClassValue<>() {
        @Override
        protected Method computeValue(Class<?> type) {
            Method accessor = Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(TargetAggregateIdentifier.class))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(type + " does not say which aggregate it is for"));
            accessor.setAccessible(true); // of a record that is not public
            return accessor;
        }
    };

    /** @throws IllegalArgumentException when no component of the command has the annotation */
    @Override
    public VersionedAggregateIdentifier resolveTarget(CommandMessage<?> command) {
        try {
            Object id = accessors.get(command.getPayloadType()).invoke(command.getPayload());
            return new VersionedAggregateIdentifier(id, null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    command.getPayloadType() + " does not tell which aggregate it is for", e);
        }
    }
}
