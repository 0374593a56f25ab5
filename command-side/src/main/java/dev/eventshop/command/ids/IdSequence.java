package dev.eventshop.command.ids;

import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Positive numbers, each given once across all instances and restarts. They are drawn from a PostgreSQL sequence
 * {@value #BLOCK} at a time, so that most numbers cost no query; the rest of a block is lost when the process ends. Not
 * in a command's transaction: a number is never given back.
 */
public final class IdSequence {

    /** Increment of the sequences, see the migration that makes them. */
    static final int BLOCK = 100;

    private static final String LIMIT_EXCEEDED = "2200H"; // sequence_generator_limit_exceeded

    private final ReentrantLock lock = new ReentrantLock();
    private final JdbcTemplate jdbc;
    private final String sequence;
    private int next = 1;
    private int last;

    /** @param sequence name of a sequence that counts in steps of {@value #BLOCK} */
    public IdSequence(JdbcTemplate jdbc, String sequence) {
        this.jdbc = jdbc;
        this.sequence = sequence;
    }

    /**
     * @return a number that nobody else gets
     * @throws IdsExhausted when the sequence has come to its end
     */
    public int next() {
        lock.lock();
        try {
            if (next > last) {
                next = firstOfNextBlock();
                last = next + BLOCK - 1;
            }
            return next++;
        } finally {
            lock.unlock();
        }
    }

    private int firstOfNextBlock() {
        try {
            Integer first = jdbc.queryForObject("select nextval(?::regclass)::integer", Integer.class, sequence);
            if (first == null) {
                throw new IllegalStateException("nextval returned null");
            }
            return first;
        } catch (DataAccessException e) {
            if (e.getRootCause() instanceof SQLException cause && LIMIT_EXCEEDED.equals(cause.getSQLState())) {
                throw new IdsExhausted(sequence, e);
            }
            throw e;
        }
    }
}
