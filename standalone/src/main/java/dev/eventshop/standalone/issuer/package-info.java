/** An issuer of tokens of our own, for those who have no OpenID provider yet. */
@NullMarked
package dev.eventshop.standalone.issuer;

import org.jspecify.annotations.NullMarked;
