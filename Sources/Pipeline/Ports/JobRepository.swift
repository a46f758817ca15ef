package import Jobs
package import Kernel

/// The jobs of a book. A finished job is deleted; its story is in the log.
package protocol JobRepository {
    func due(at now: Timestamp, limit: Int) throws -> [Job]
    /// Those of one kind only, which others cannot push off the list.
    func due(_ kind: String, at now: Timestamp, limit: Int) throws -> [Job]
    func find(_ id: Int64) throws -> Job?
    func pending(subject: String) throws -> [Job]
    func deadLetters(limit: Int) throws -> [Job]
    func deadLetters(subject: String) throws -> [Job]
    func depth() throws -> (waiting: Int, dead: Int, oldestDue: Timestamp?)

    @discardableResult
    func add(_ job: NewJob) throws -> Int64
    /// Ends a job.
    ///
    /// - Throws: `PreparedOnOldState` when it is gone already, so that work done twice is written once.
    func finish(_ id: Int64) throws
    func postpone(_ id: Int64, until dueAt: Timestamp, problem: Problem) throws
    func bury(_ id: Int64, problem: Problem) throws
    /// Gives a dead letter another life, from its first attempt.
    func revive(_ id: Int64, dueAt: Timestamp) throws
}
