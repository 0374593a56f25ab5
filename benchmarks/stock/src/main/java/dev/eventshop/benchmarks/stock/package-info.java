/**
 * The commands, events and HTTP paths of the command side in an Axon application as one would write it from the
 * reference guide, with the defaults of Axon, Spring Boot and Hibernate. Nothing in it is tuned, in either direction.
 */
@NullUnmarked
package dev.eventshop.benchmarks.stock;

import org.jspecify.annotations.NullUnmarked;
