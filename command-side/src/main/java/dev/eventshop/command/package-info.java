/** The command side: takes commands over HTTP, decides, and adds events to the store. */
@NullMarked
package dev.eventshop.command;

import org.jspecify.annotations.NullMarked;
