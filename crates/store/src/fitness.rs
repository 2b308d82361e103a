//! What a database must be before anything is made in it, and what to do where it is not.

use sqlx::{FromRow, PgConnection};

use crate::error::StoreError;

/// PostgreSQL 15, as the server writes it.
const VERSION_MIN: i32 = 150_000;

#[derive(FromRow)]
struct Found {
    version: i32,
    version_words: String,
    encoding: String,
    standby: bool,
    read_only: bool,
    role: String,
    search_path: String,
    schema: Option<String>,
}

/// Refuses what cannot work, and waits ([`StoreError::Unavailable`]) for what an operator or a fail-over changes.
pub(crate) async fn check(connection: &mut PgConnection) -> Result<(), StoreError> {
    let found: Found = sqlx::query_as(
        "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_words,
             current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby,
             current_setting('transaction_read_only')::bool AS read_only, quote_ident(current_user) AS role,
             current_setting('search_path') AS search_path, current_schema()::text AS schema",
    )
    .fetch_one(connection)
    .await?;
    verdict(&found)
}

fn verdict(found: &Found) -> Result<(), StoreError> {
    let Found {
        role, search_path, ..
    } = found;
    if found.version < VERSION_MIN {
        return Err(StoreError::Configuration(format!(
            "the server is PostgreSQL {}; Posthorn needs 15 or later",
            found.version_words
        )));
    }
    if found.encoding != "UTF8" {
        return Err(StoreError::Configuration(format!(
            "the database's encoding is {}; Posthorn needs UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
            found.encoding
        )));
    }
    if found.standby {
        return Err(StoreError::Unavailable(
            "the server is a standby, on which nothing can be written: name the primary in POSTHORN_DATABASE_URL, or promote this one"
                .to_owned(),
        ));
    }
    if found.read_only {
        return Err(StoreError::Unavailable(format!(
            "nothing can be written, because default_transaction_read_only is on, for the server, the database or the role {role}. A \
             provider may have set it, because the disk is full; otherwise: ALTER ROLE {role} SET default_transaction_read_only = off"
        )));
    }
    if found.schema.is_none() {
        return Err(StoreError::Unavailable(format!(
            "there is no schema to make tables in: of search_path ({search_path}) none exists that the role {role} may use. CREATE SCHEMA \
             … AUTHORIZATION {role}, or GRANT USAGE, CREATE ON SCHEMA public TO {role}"
        )));
    }
    Ok(())
}

/// Says what to grant where the server denied a migration something. A grant may come any moment, so it is waited for.
pub(crate) async fn explain(connection: &mut PgConnection, error: StoreError) -> StoreError {
    if !error.is_denied() {
        return error;
    }
    let rights: Result<(String, String, bool), _> = sqlx::query_as(
        "SELECT quote_ident(current_user), quote_ident(coalesce(current_schema(), 'public')),
             coalesce(has_schema_privilege(current_schema()::text, 'CREATE'), false)",
    )
    .fetch_one(connection)
    .await;
    let advice = match rights {
        Ok((role, _, true)) => format!(
            "its objects belong to another role: name that role in POSTHORN_DATABASE_URL, or GRANT it TO {role}"
        ),
        Ok((role, schema, false)) => format!(
            "as the owner of the database or a superuser: GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}"
        ),
        Err(failure) => failure.to_string(),
    };
    StoreError::Unavailable(format!("{error}; {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Found {
        Found {
            version: 150_018,
            version_words: "15.18".to_owned(),
            encoding: "UTF8".to_owned(),
            standby: false,
            read_only: false,
            role: "posthorn".to_owned(),
            search_path: "\"$user\", public".to_owned(),
            schema: Some("public".to_owned()),
        }
    }

    #[test]
    fn what_an_operator_can_change_is_waited_for_and_the_rest_is_refused() {
        assert!(verdict(&good()).is_ok());
        let waited_for = [
            (
                Found {
                    standby: true,
                    read_only: true,
                    ..good()
                },
                "standby",
            ),
            (
                Found {
                    read_only: true,
                    ..good()
                },
                "ALTER ROLE posthorn SET default_transaction_read_only = off",
            ),
            (
                Found {
                    schema: None,
                    ..good()
                },
                "GRANT USAGE, CREATE ON SCHEMA public TO posthorn",
            ),
        ];
        for (found, words) in waited_for {
            let error = verdict(&found).unwrap_err();
            assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }
        let old = Found {
            version: 140_012,
            version_words: "14.12".to_owned(),
            ..good()
        };
        let latin = Found {
            encoding: "LATIN1".to_owned(),
            ..good()
        };
        for (found, words) in [(old, "14.12"), (latin, "LATIN1")] {
            let error = verdict(&found).unwrap_err();
            assert!(matches!(error, StoreError::Configuration(_)), "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
