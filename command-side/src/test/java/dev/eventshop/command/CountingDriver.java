package dev.eventshop.command;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;

/** PostgreSQL's driver, which remembers what requests execute: their statements, commits, rollbacks and rows read. */
public final class CountingDriver implements Driver {

    private static final List<String> EXECUTED = new CopyOnWriteArrayList<>();

    private final Driver driver = new org.postgresql.Driver();

    /** @return what was executed since, on threads that serve requests */
    static List<String> during(Runnable requests) {
        EXECUTED.clear();
        requests.run();
        return List.copyOf(EXECUTED);
    }

    private static void note(String what) {
        String thread = Thread.currentThread().getName();
        if (thread.startsWith("http-nio") || thread.startsWith("tomcat-handler")) {
            EXECUTED.add(what);
        }
    }

    @Override
    public Connection connect(String url, Properties info) throws SQLException {
        Connection connection = driver.connect(url, info);
        return connection == null ? null : counting(connection);
    }

    private static Connection counting(Connection connection) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("commit") || method.getName().equals("rollback")) {
                note(method.getName());
            }
            Object result = call(connection, method, arguments);
            if (result instanceof PreparedStatement statement) {
                return counting(PreparedStatement.class, statement, (String) arguments[0]);
            }
            return result instanceof Statement statement ? counting(Statement.class, statement, null) : result;
        });
    }

    private static <S extends Statement> S counting(Class<S> type, S statement, String prepared) {
        return proxy(type, (proxy, method, arguments) -> {
            String sql =
                    arguments != null && arguments.length > 0 && arguments[0] instanceof String text ? text : prepared;
            if (method.getName().startsWith("execute")) {
                note(sql);
            }
            Object result = call(statement, method, arguments);
            return result instanceof ResultSet rows ? counting(rows) : result;
        });
    }

    private static ResultSet counting(ResultSet rows) {
        return proxy(ResultSet.class, (proxy, method, arguments) -> {
            Object result = call(rows, method, arguments);
            if (method.getName().equals("next") && Boolean.TRUE.equals(result)) {
                note("row");
            }
            return result;
        });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(CountingDriver.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
        return driver.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        return driver.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
        return driver.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return driver.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return driver.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger(CountingDriver.class.getName());
    }
}
