import Jobs
import Kernel
import Pipeline

/// The jobs of a book. `attempt` counts the attempt that comes next.
struct SQLJobs: JobRepository {
    private static let columns = "job_id, book_id, kind, subject, payload, due_at, attempt, problem"

    private let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func due(at now: Timestamp, limit: Int) throws -> [Job] {
        try jobs(
            """
            SELECT \(Self.columns) FROM jobs WHERE book_id = $1 AND is_dead = 0 AND due_at <= $2
            ORDER BY due_at, job_id LIMIT $3
            """,
            [context.bookValue, .time(now), .int(limit)]
        )
    }

    func due(_ kind: String, at now: Timestamp, limit: Int) throws -> [Job] {
        try jobs(
            """
            SELECT \(Self.columns) FROM jobs WHERE book_id = $1 AND is_dead = 0 AND due_at <= $2 AND kind = $3
            ORDER BY due_at, job_id LIMIT $4
            """,
            [context.bookValue, .time(now), .text(kind), .int(limit)]
        )
    }

    func find(_ id: Int64) throws -> Job? {
        try jobs(
            "SELECT \(Self.columns) FROM jobs WHERE book_id = $1 AND job_id = $2", [context.bookValue, .integer(id)]
        ).first
    }

    func pending(subject: String) throws -> [Job] {
        try jobs(
            "SELECT \(Self.columns) FROM jobs WHERE book_id = $1 AND subject = $2 AND is_dead = 0 ORDER BY job_id",
            [context.bookValue, .text(subject)]
        )
    }

    func deadLetters(limit: Int) throws -> [Job] {
        try jobs(
            """
            SELECT \(Self.columns) FROM jobs WHERE book_id = $1 AND is_dead = 1 ORDER BY due_at, job_id LIMIT $2
            """,
            [context.bookValue, .int(limit)]
        )
    }

    func deadLetters(subject: String) throws -> [Job] {
        try jobs(
            "SELECT \(Self.columns) FROM jobs WHERE book_id = $1 AND subject = $2 AND is_dead = 1 ORDER BY job_id",
            [context.bookValue, .text(subject)]
        )
    }

    func depth() throws -> (waiting: Int, dead: Int, oldestDue: Timestamp?) {
        let rows = try context.connection.rows(
            "SELECT is_dead, count(*), min(due_at) FROM jobs WHERE book_id = $1 GROUP BY is_dead",
            [context.bookValue]
        )
        var depth: (waiting: Int, dead: Int, oldestDue: Timestamp?) = (0, 0, nil)
        for row in rows {
            if try row.flag(0) {
                depth.dead = try row.int(1)
            } else {
                depth.waiting = try row.int(1)
                depth.oldestDue = try row.optionalTime(2)
            }
        }
        return depth
    }

    @discardableResult
    func add(_ job: NewJob) throws -> Int64 {
        let id = try context.unit().nextCounter("job")
        try context.connection.send(
            """
            INSERT INTO jobs (book_id, job_id, kind, subject, payload, due_at, attempt, is_dead, problem)
            VALUES ($1, $2, $3, $4, $5, $6, 1, 0, NULL)
            """,
            [
                context.bookValue, .integer(id), .text(job.kind), .text(job.subject), .json(job.payload),
                .time(job.dueAt),
            ]
        )
        context.haveJobsChanged = true
        return id
    }

    func finish(_ id: Int64) throws {
        try change(id, "DELETE FROM jobs WHERE book_id = $1 AND job_id = $2", [])
    }

    func postpone(_ id: Int64, until dueAt: Timestamp, problem: Problem) throws {
        try change(
            id,
            """
            UPDATE jobs SET due_at = $3, problem = $4, attempt = attempt + 1
            WHERE book_id = $1 AND job_id = $2 AND is_dead = 0
            """,
            [.time(dueAt), .json(problem.json)]
        )
    }

    func bury(_ id: Int64, problem: Problem) throws {
        try change(
            id, "UPDATE jobs SET is_dead = 1, problem = $3 WHERE book_id = $1 AND job_id = $2 AND is_dead = 0",
            [.json(problem.json)]
        )
        try context.log(
            "job.buried", "job:\(id)", ["problem_code": .string(problem.code)], personal: [problem.personal]
        )
    }

    func revive(_ id: Int64, dueAt: Timestamp) throws {
        try change(
            id,
            """
            UPDATE jobs SET is_dead = 0, attempt = 1, due_at = $3 WHERE book_id = $1 AND job_id = $2 AND is_dead = 1
            """,
            [.time(dueAt)]
        )
        try context.log("job.revived", "job:\(id)", .object([("due_at", .string(dueAt.text))]))
    }

    /// A job that is gone or no longer in that state was dealt with by somebody else.
    private func change(_ id: Int64, _ sql: String, _ more: [SQLValue]) throws {
        _ = try context.unit()
        try context.change(sql, [context.bookValue, .integer(id)] + more, what: "job \(id)")
        context.haveJobsChanged = true
    }

    private func jobs(_ sql: String, _ arguments: [SQLValue]) throws -> [Job] {
        try context.connection.rows(sql, arguments).map { row in
            Job(
                id: try row.integer(0), book: try row.text(1), kind: try row.text(2), subject: try row.text(3),
                payload: try row.json(4), dueAt: try row.timestamp(5), attempt: try row.int(6),
                lastProblem: try row.problem(7)
            )
        }
    }
}
