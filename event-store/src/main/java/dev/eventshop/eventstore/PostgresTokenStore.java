package dev.eventshop.eventstore;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.UnableToInitializeTokenException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Tokens and claims in the table {@code tracking_token} of the service's own schema, in Spring's transaction when there
 * is one.
 *
 * <p>A claim belongs to one instance of this class, and expires by the database's clock. What an instance stores is
 * refused with {@link UnableToClaimTokenException} as soon as another has taken the claim over, in the statement that
 * stores; so what a processor has written in the same transaction is rolled back with it, and a position is only moved
 * by its owner.
 */
public final class PostgresTokenStore implements TokenStore {

    private static final String EXPIRED = "claimed_at < clock_timestamp() - cast(? as interval)";
    private static final String ONE = " where processor_name = ? and segment = ?";

    private static final String CLAIM = "update tracking_token set owner = ?, claimed_at = clock_timestamp()" + ONE
            + " and (owner is null or owner = ? or " + EXPIRED + ") returning token";
    private static final String STORE =
            "update tracking_token set token = ?, claimed_at = clock_timestamp()" + ONE + " and owner = ?";
    private static final String EXTEND =
            "update tracking_token set claimed_at = clock_timestamp()" + ONE + " and owner = ?";
    private static final String RELEASE =
            "update tracking_token set owner = null, claimed_at = null" + ONE + " and owner = ?";
    private static final String DELETE = "delete from tracking_token" + ONE + " and owner = ?";
    private static final String INITIALIZE =
            "insert into tracking_token (processor_name, segment, token) values (?, ?, ?) on conflict do nothing";

    private final JdbcTemplate jdbc;
    private final String claimTimeout;
    private final String nodeId;

    /**
     * @param dataSource   the service's own
     * @param claimTimeout how long a claim holds after it was made, or extended last; well above the time of a batch
     */
    public PostgresTokenStore(DataSource dataSource, Duration claimTimeout) {
        this(new JdbcTemplate(dataSource), claimTimeout.toMillis() + " milliseconds");
    }

    private PostgresTokenStore(JdbcTemplate jdbc, String claimTimeout) {
        this.jdbc = jdbc;
        this.claimTimeout = claimTimeout;
        this.nodeId = host() + "/" + UUID.randomUUID();
    }

    /** @return the same tokens for somebody in this JVM whose claims are to be told from those made here */
    public PostgresTokenStore asAnotherNode() {
        return new PostgresTokenStore(jdbc, claimTimeout);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }

    /** @return the owner that claims of this instance are under: the host for humans, and a random part */
    public String nodeId() {
        return nodeId;
    }

    /** @return the segments of that processor in the order of their ids, empty when it has none yet */
    public List<TokenStatus> status(String processorName) {
        return jdbc.query(
                "select segment, token, owner, claimed_at, owner is not null and not " + EXPIRED
                        + " from tracking_token where processor_name = ? order by segment",
                (row, number) -> status(row),
                claimTimeout,
                processorName);
    }

    private static TokenStatus status(ResultSet row) throws SQLException {
        OffsetDateTime claimedAt = row.getObject(4, OffsetDateTime.class);
        return new TokenStatus(
                row.getInt(1),
                PostgresEventStorageEngine.position(TokenForm.read(row.getString(2))),
                row.getString(3),
                row.getBoolean(5),
                claimedAt == null ? null : claimedAt.toInstant());
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount) {
        initializeTokenSegments(processorName, segmentCount, null);
    }

    /**
     * Of several nodes that do this at the same time all but one get the exception, and nothing of what they wanted is
     * stored: everybody begins with segment 0.
     */
    @Override
    public void initializeTokenSegments(String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
        for (int segment = 0; segment < segmentCount; segment++) {
            if (!initialize(initialToken, processorName, segment)) {
                throw new UnableToClaimTokenException("there are segments already for processor " + processorName);
            }
        }
    }

    private boolean initialize(@Nullable TrackingToken token, String processorName, int segment) {
        return jdbc.update(INITIALIZE, processorName, segment, TokenForm.write(token)) > 0;
    }

    @Override
    public void initializeSegment(@Nullable TrackingToken token, String processorName, int segment) {
        if (!initialize(token, processorName, segment)) {
            throw new UnableToInitializeTokenException("there is a token already for " + name(processorName, segment));
        }
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        if (jdbc.update(STORE, TokenForm.write(token), processorName, segment, nodeId) == 0) {
            throw notOwned(processorName, segment);
        }
    }

    @Override
    public @Nullable TrackingToken fetchToken(String processorName, int segment) {
        List<Optional<String>> claimed = jdbc.query(
                CLAIM,
                (row, number) -> Optional.ofNullable(row.getString(1)),
                nodeId,
                processorName,
                segment,
                nodeId,
                claimTimeout);
        if (claimed.isEmpty()) {
            throw notOwned(processorName, segment);
        }
        return TokenForm.read(claimed.get(0).orElse(null));
    }

    @Override
    public @Nullable TrackingToken fetchToken(String processorName, Segment segment) {
        TrackingToken token = fetchToken(processorName, segment.getSegmentId());
        Integer neighbours = jdbc.queryForObject(
                "select count(*) from tracking_token where processor_name = ? and segment in (?, ?)",
                Integer.class,
                processorName,
                segment.splitSegmentId(),
                segment.mergeableSegmentId());
        // A split makes the one, a merge removes the other; a processor's only segment is mergeable with itself.
        if (neighbours == null || neighbours != 1) {
            releaseClaim(processorName, segment.getSegmentId());
            throw new UnableToClaimTokenException(
                    name(processorName, segment.getSegmentId()) + " was split or merged meanwhile");
        }
        return token;
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        if (jdbc.update(EXTEND, processorName, segment, nodeId) == 0) {
            throw notOwned(processorName, segment);
        }
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        jdbc.update(RELEASE, processorName, segment, nodeId);
    }

    @Override
    public void deleteToken(String processorName, int segment) {
        if (jdbc.update(DELETE, processorName, segment, nodeId) == 0) {
            throw notOwned(processorName, segment);
        }
    }

    @Override
    public boolean requiresExplicitSegmentInitialization() {
        return true;
    }

    @Override
    public int[] fetchSegments(String processorName) {
        return jdbc
                .queryForList(
                        "select segment from tracking_token where processor_name = ? order by segment",
                        Integer.class,
                        processorName)
                .stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public List<Segment> fetchAvailableSegments(String processorName) {
        List<Availability> all = jdbc.query(
                "select segment, owner is null or owner = ? or " + EXPIRED
                        + " from tracking_token where processor_name = ? order by segment",
                (row, number) -> new Availability(row.getInt(1), row.getBoolean(2)),
                nodeId,
                claimTimeout,
                processorName);
        int[] ids = all.stream().mapToInt(Availability::segment).toArray();
        return all.stream()
                .filter(Availability::available)
                .map(segment -> Segment.computeSegment(segment.segment(), ids))
                .toList();
    }

    /** @return the same for all nodes that share the table: cluster, database and schema */
    @Override
    public Optional<String> retrieveStorageIdentifier() {
        return Optional.ofNullable(jdbc.queryForObject(
                "select system_identifier || '/' || current_database() || '/' || current_schema()"
                        + " from pg_control_system()",
                String.class));
    }

    private UnableToClaimTokenException notOwned(String processorName, int segment) {
        List<Optional<String>> owners = jdbc.query(
                "select owner from tracking_token" + ONE,
                (row, number) -> Optional.ofNullable(row.getString(1)),
                processorName,
                segment);
        if (owners.isEmpty()) {
            return new UnableToClaimTokenException(name(processorName, segment) + " is not initialized");
        }
        return new UnableToClaimTokenException(name(processorName, segment) + " is claimed by "
                + owners.get(0).orElse("nobody, and not by this node"));
    }

    private static String name(String processorName, int segment) {
        return "segment " + segment + " of processor " + processorName;
    }

    private record Availability(int segment, boolean available) {}
}
