/// How many more jobs of each kind may be done at a time in one book.
struct Places: Sendable {
    private var taken: [String: Int]

    /// - Parameter kinds: The kind of each job that is being done.
    init(taken kinds: some Sequence<String>) {
        taken = kinds.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Whether a job of any kind has a place.
    var areLeft: Bool { full.count < JobKind.allCases.count }

    /// The kinds that have no place left.
    var full: Set<String> { Set(JobKind.allCases.map(\.rawValue).filter { taken[$0, default: 0] >= Self.limit($0) }) }

    /// Takes a place, where there is one.
    mutating func take(_ kind: String) -> Bool {
        guard taken[kind, default: 0] < Self.limit(kind) else { return false }
        taken[kind, default: 0] += 1
        return true
    }

    /// A kind that only a newer program knows is given up at once, and needs few.
    private static func limit(_ kind: String) -> Int { JobKind(rawValue: kind)?.places ?? 4 }
}
