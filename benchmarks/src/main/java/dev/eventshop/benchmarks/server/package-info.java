/** The servers that are measured: the machine's PostgreSQL and RabbitMQ, and the services as their jars. */
@NullMarked
package dev.eventshop.benchmarks.server;

import org.jspecify.annotations.NullMarked;
