/** Wiring of the command side. */
@NullMarked
package dev.eventshop.command.config;

import org.jspecify.annotations.NullMarked;
