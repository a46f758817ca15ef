package import Kernel

extension Case {
    /// The case at another place of its way; its version counts up.
    package func moved(
        to state: State, step: Step, problem: Problem? = nil, note: Phrase? = nil, run: Int? = nil, at now: Timestamp
    ) -> Case {
        Case(
            id: id, approval: approval, revision: revision, outcome: outcome, kind: kind, number: number, title: title,
            applicant: applicant, total: total, currency: currency, state: state, step: step, run: run ?? self.run,
            problem: problem, note: note, deliveryDigest: deliveryDigest, receivedAt: receivedAt, changedAt: now,
            version: version + 1
        )
    }

    /// What people call the case: the OA's number, or its instance where it has none.
    package var name: String { number ?? approval.instance }
}
