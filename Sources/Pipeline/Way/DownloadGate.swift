/// Lets a few downloads of each connector through at a time, so that the files on their way fit into memory, and a
/// partner that hangs keeps nobody waiting but its own.
actor DownloadGate {
    static let places = 4

    private var taken: [String: Int] = [:]
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    /// Waits for a place; whoever came first gets it first. Each downloader leaves within the time limit of its call.
    func enter(_ connector: String) async {
        guard taken[connector, default: 0] >= Self.places else {
            taken[connector, default: 0] += 1
            return
        }
        await withCheckedContinuation { waiting[connector, default: []].append($0) }
    }

    func leave(_ connector: String) {
        if waiting[connector]?.isEmpty == false {
            waiting[connector]?.removeFirst().resume()
            return
        }
        waiting[connector] = nil
        taken[connector, default: 1] -= 1
        if taken[connector] == 0 { taken[connector] = nil }
    }
}
