/** The way of a command to its aggregate and back: sending, retrying lost races, cached aggregates and their confirmation. */
@NullMarked
package dev.eventshop.command.dispatch;

import org.jspecify.annotations.NullMarked;
