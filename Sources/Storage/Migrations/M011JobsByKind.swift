extension Migration {
    /// Finds the due jobs of one kind without reading those of another that wait in front of them.
    package static let m011JobsByKind = Migration(
        version: 11, name: "jobs_by_kind",
        statements: [.portable("CREATE INDEX jobs_by_kind ON jobs (book_id, is_dead, kind, due_at, job_id)")]
    )
}
