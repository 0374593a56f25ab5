/** Forwarding to RabbitMQ against a bare client. */
@NullMarked
package dev.eventshop.benchmarks.forwarding;

import org.jspecify.annotations.NullMarked;
