/** Wiring of the query side. */
@NullMarked
package dev.eventshop.query.config;

import org.jspecify.annotations.NullMarked;
