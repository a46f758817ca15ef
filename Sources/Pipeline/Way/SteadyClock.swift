package import Kernel
import Synchronization

/// A clock that goes on from where it was when the clock it reads is set back.
///
/// A lease or a wait that was begun before would otherwise last as much longer as the clock fell.
package final class SteadyClock: Sendable {
    private struct State {
        var last: Timestamp
        /// How far the clock fell so far.
        var fallen: Int64 = 0
    }

    private let clock: @Sendable () -> Timestamp
    private let state: Mutex<State>

    package init(_ clock: @escaping @Sendable () -> Timestamp) {
        self.clock = clock
        state = Mutex(State(last: clock()))
    }

    package var now: Timestamp {
        state.withLock { state in
            let read = clock().microseconds
            state.fallen = max(state.fallen, state.last.microseconds - read)
            state.last = Timestamp(microseconds: read + state.fallen)
            return state.last
        }
    }
}
