use crate::{error::StoreError, session::bounded, store::Store};

impl Store {
    /// The version of the API keys: every change of one raises it, in the transaction of the change. One tiny query.
    pub async fn api_keys_version(&self) -> Result<i64, StoreError> {
        bounded(async {
            let mut session = self.session().await?;
            let version = sqlx::query_scalar("SELECT version FROM api_key_changes")
                .fetch_one(&mut *session)
                .await?;
            session.finish();
            Ok(version)
        })
        .await
    }
}
