/** What RabbitMQ gives to a client that does nothing else. */
@NullMarked
package dev.eventshop.benchmarks.broker;

import org.jspecify.annotations.NullMarked;
