/** How operators send history to a queue. */
@NullMarked
package dev.eventshop.command.republication.web;

import org.jspecify.annotations.NullMarked;
