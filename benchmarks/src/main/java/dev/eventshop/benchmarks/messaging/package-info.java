/** Taking messages in from RabbitMQ against a bare client. */
@NullMarked
package dev.eventshop.benchmarks.messaging;

import org.jspecify.annotations.NullMarked;
