/** A user's registration: the command, its refusal, and the addresses that are taken. */
@NullMarked
package dev.eventshop.command.user;

import org.jspecify.annotations.NullMarked;
