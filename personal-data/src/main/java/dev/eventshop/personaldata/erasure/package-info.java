/** Who was erased: kept outside of the databases and their backups, and applied again after a restore. */
@NullMarked
package dev.eventshop.personaldata.erasure;

import org.jspecify.annotations.NullMarked;
