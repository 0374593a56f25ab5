package dev.eventshop.command.user;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.events.user.UserId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** Makes a person's data unreadable for good; what they ordered stays. Does nothing when that was done before. */
@AllowedTo({Role.CUSTOMER, Role.OPERATOR})
public record ErasePersonalData(@TargetAggregateIdentifier UserId userId) {}
