/** Who may do what: tokens of an issuer, roles, and the rules that commands and queries carry. */
@NullMarked
package dev.eventshop.access;

import org.jspecify.annotations.NullMarked;
