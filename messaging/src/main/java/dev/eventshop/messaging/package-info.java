/** Events to RabbitMQ and from it: what an application declares, publishes and subscribes to. */
@NullMarked
package dev.eventshop.messaging;

import org.jspecify.annotations.NullMarked;
