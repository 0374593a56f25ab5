/** Which user somebody is who calls with a token. */
@NullMarked
package dev.eventshop.command.account;

import org.jspecify.annotations.NullMarked;
