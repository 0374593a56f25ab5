package dev.eventshop.standalone.backup;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The definitions of some schemas as SQL, from the catalogs of the server, which can spell most of it by itself. For
 * what the migrations of the shop make: tables, sequences, indexes, constraints, functions, triggers, views and rights.
 * Anything else is refused, and not left out. Names of constraints that say no more than NOT NULL, which PostgreSQL 18 has,
 * are made anew.
 *
 * <p>To be used with an empty {@code search_path}, so that all names are qualified.
 */
final class SchemaScript {

    private static final String OF_SCHEMAS = "n.nspname = any (?)";

    private static final String UNKNOWN = """
            select what from (
                select 'the relation ' || c.oid::regclass as what
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = any (?)
                  and (c.relkind not in ('r', 'v', 'S', 'i') or c.relispartition or c.relhassubclass or c.relrowsecurity
                       or exists (select from pg_inherits i where i.inhrelid = c.oid))
                union all
                select 'the type ' || t.oid::regtype
                from pg_type t join pg_namespace n on n.oid = t.typnamespace
                where n.nspname = any (?) and t.typtype in ('d', 'e', 'r', 'm')
                union all
                select 'the function ' || p.oid::regprocedure
                from pg_proc p join pg_namespace n on n.oid = p.pronamespace
                where n.nspname = any (?) and p.prokind not in ('f', 'p')
                union all
                select 'the rule ' || r.rulename
                from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = any (?) and r.rulename <> '_RETURN'
                union all
                select 'the statistics ' || s.stxname
                from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
                where n.nspname = any (?)
                union all
                select 'the trigger ' || t.tgname || ', which is not simply enabled'
                from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = any (?) and not t.tgisinternal and t.tgenabled <> 'O') as unknown
            order by what limit 1""";

    private static final String SCHEMAS =
            "select format('create schema %I', n.nspname) from pg_namespace n where " + OF_SCHEMAS + " order by 1";

    private static final String SEQUENCES = """
            select format('create sequence %s as %s increment by %s minvalue %s maxvalue %s start with %s cache %s %s',
                          c.oid::regclass, format_type(s.seqtypid, null), s.seqincrement, s.seqmin, s.seqmax,
                          s.seqstart, s.seqcache, case when s.seqcycle then 'cycle' else 'no cycle' end)
            from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any (?)
              and not exists (select from pg_depend d
                              where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')
            order by c.oid""";

    private static final String FUNCTIONS = """
            select pg_get_functiondef(p.oid)
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = any (?)
            order by p.oid""";

    private static final String TABLES = """
            select format('create %stable %s (%s)%s',
                          case c.relpersistence when 'u' then 'unlogged ' else '' end, c.oid::regclass,
                          (select string_agg(
                               format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                               || case when a.attcollation <> t.typcollation
                                       then ' collate ' || a.attcollation::regcollation else '' end
                               || case a.attidentity
                                  when '' then
                                      case a.attgenerated
                                      when '' then coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
                                      when 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
                                      else ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') virtual' end
                                  else (select format(' generated %s as identity (sequence name %s increment by %s'
                                                      || ' minvalue %s maxvalue %s start with %s cache %s %s)',
                                                      case a.attidentity when 'a' then 'always' else 'by default' end,
                                                      s.seqrelid::regclass, s.seqincrement, s.seqmin, s.seqmax,
                                                      s.seqstart, s.seqcache,
                                                      case when s.seqcycle then 'cycle' else 'no cycle' end)
                                        from pg_sequence s
                                        where s.seqrelid = pg_get_serial_sequence(
                                            c.oid::regclass::text, a.attname)::regclass)
                                  end
                               || case when a.attnotnull then ' not null' else '' end,
                               ', ' order by a.attnum)
                           from pg_attribute a
                           join pg_type t on t.oid = a.atttypid
                           left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
                          coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''))
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any (?) and c.relkind = 'r'
            order by c.oid""";

    private static final String STORAGE = """
            select format('alter table %s alter column %I set storage %s', c.oid::regclass, a.attname,
                          case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main'
                                            else 'extended' end)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            join pg_type t on t.oid = a.atttypid
            where n.nspname = any (?) and c.relkind = 'r' and a.attstorage <> t.typstorage
            order by c.oid, a.attnum""";

    /** That a column is not null stands in its table. */
    private static final String CONSTRAINTS = """
            select format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname,
                          pg_get_constraintdef(k.oid))
            from pg_constraint k join pg_namespace n on n.oid = k.connamespace
            where n.nspname = any (?) and k.contype in ('p', 'u', 'x', 'c', 'f')
            order by k.contype = 'f', k.oid""";

    private static final String INDEXES = """
            select pg_get_indexdef(i.indexrelid)
            from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any (?) and not exists (select from pg_constraint k where k.conindid = i.indexrelid
                                                                                     and k.contype in ('p', 'u', 'x'))
            order by i.indexrelid""";

    private static final String VIEWS = """
            select format('create view %s%s as %s', c.oid::regclass,
                          coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''),
                          rtrim(pg_get_viewdef(c.oid), ';'))
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any (?) and c.relkind = 'v'
            order by c.oid""";

    private static final String TRIGGERS = """
            select pg_get_triggerdef(t.oid)
            from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any (?) and not t.tgisinternal
            order by t.oid""";

    private static final String REVOKED = """
            select format('revoke all on routine %s from public', p.oid::regprocedure)
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = any (?) and p.proacl is not null
            order by p.oid""";

    /** A role that another server does not have gets nothing there. */
    private static final String GRANTED = """
            with granted as (
                select n.nspname, 'schema ' || quote_ident(n.nspname) as what, n.nspowner as owner, g.*
                from pg_namespace n, aclexplode(n.nspacl) g
                union all
                select n.nspname, case c.relkind when 'S' then 'sequence ' else 'table ' end || c.oid::regclass,
                       c.relowner, g.*
                from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) g
                union all
                select n.nspname, 'routine ' || p.oid::regprocedure, p.proowner, g.*
                from pg_proc p join pg_namespace n on n.oid = p.pronamespace, aclexplode(p.proacl) g),
            on_columns as (
                select n.nspname, c.oid::regclass::text as what, c.relowner as owner, quote_ident(a.attname) as column, g.*
                from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace,
                     aclexplode(a.attacl) g),
            statements as (
                select nspname, grantee, owner, what, is_grantable,
                       'grant ' || string_agg(privilege_type, ', ' order by privilege_type) || ' on ' || what as sql
                from granted group by nspname, grantee, owner, what, is_grantable
                union all
                select nspname, grantee, owner, what, is_grantable,
                       'grant ' || privilege_type || ' (' || string_agg(on_columns.column, ', ') || ') on table ' || what
                from on_columns group by nspname, grantee, owner, what, is_grantable, privilege_type
                union all
                select n.nspname, g.grantee, d.defaclrole, d.oid::text, g.is_grantable,
                       format('alter default privileges in schema %I grant %s on %s', n.nspname, g.privilege_type,
                              case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'routines'
                                                   when 'T' then 'types' end)
                from pg_default_acl d join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) g)
            select case when grantee = 0 then sql || ' to public'
                        else format('do $do$ begin if to_regrole(%L) is not null then %s to %I%s; end if; end $do$',
                                    quote_ident(r.rolname), sql, r.rolname,
                                    case when is_grantable then ' with grant option' else '' end) end
            from statements n left join pg_roles r on r.oid = n.grantee
            where n.nspname = any (?) and grantee <> owner
            order by what, sql, rolname""";

    /** Not in the snapshot, but never less than it. */
    private static final String ALL_SEQUENCES = """
            select c.oid::regclass::text
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any (?) and c.relkind = 'S'
            order by 1""";

    private final Connection connection;
    private final List<String> schemas;

    SchemaScript(Connection connection, List<String> schemas) {
        this.connection = connection;
        this.schemas = List.copyOf(schemas);
    }

    /** @throws Refused when there is something that would be missing */
    void requireKnown() throws SQLException {
        List<String> unknown = list(UNKNOWN);
        if (!unknown.isEmpty()) {
            throw new Refused(
                    ExitCode.SERVER,
                    "A backup can't take " + unknown.get(0)
                            + " along, which is not the shop's: move it to a schema of its own.");
        }
    }

    /** What has to be there before the rows. */
    String tables() throws SQLException {
        return script(SCHEMAS, SEQUENCES, FUNCTIONS, TABLES, STORAGE);
    }

    /** What is faster, or possible, once the rows are there. */
    String remainder() throws SQLException {
        StringBuilder values = new StringBuilder();
        for (String sequence : list(ALL_SEQUENCES)) {
            try (PreparedStatement statement =
                            connection.prepareStatement("select last_value, is_called from " + sequence);
                    ResultSet row = statement.executeQuery()) {
                row.next();
                values.append("select pg_catalog.setval('")
                        .append(sequence.replace("'", "''"))
                        .append("', ")
                        .append(row.getLong(1))
                        .append(", ")
                        .append(row.getBoolean(2))
                        .append(");\n\n");
            }
        }
        return values + script(CONSTRAINTS, INDEXES, VIEWS, TRIGGERS, REVOKED, GRANTED);
    }

    private String script(String... queries) throws SQLException {
        StringBuilder script = new StringBuilder();
        for (String query : queries) {
            for (String statement : list(query)) {
                script.append(statement.strip()).append(";\n\n");
            }
        }
        return script.toString();
    }

    /** @param query with the schemas as each of its parameters */
    private List<String> list(String query) throws SQLException {
        List<String> result = new ArrayList<>();
        Array names = connection.createArrayOf("text", schemas.toArray());
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            int parameters = statement.getParameterMetaData().getParameterCount();
            for (int i = 1; i <= parameters; i++) {
                statement.setArray(i, names);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    result.add(rows.getString(1));
                }
            }
        }
        return result;
    }
}
