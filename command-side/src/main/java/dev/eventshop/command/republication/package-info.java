/** Sends history to one queue. */
@NullMarked
package dev.eventshop.command.republication;

import org.jspecify.annotations.NullMarked;
