"""Stage 6 for plain calls: the whole answer is read, judged, settled, and only then given to the client.

While the provider works, the client may go: `drain` reads on for a bounded time, `cancel` breaks the call off.
"""

from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.domain.money import format_amount
from farebox.domain.usage import Usage
from farebox.gateway.answer import JSON, Headers
from farebox.gateway.crossing import Crossing
from farebox.gateway.deliveries import Deliveries
from farebox.gateway.dispatch import Dispatcher, content_type
from farebox.gateway.hold import Hold
from farebox.gateway.options import GatewayOptions
from farebox.gateway.receive import Call
from farebox.gateway.running import RunningJob
from farebox.gateway.settle import Ending
from farebox.upstream.response import UpstreamResponse


class PlainRelay:
    """Carries plain calls of one worker."""

    def __init__(self, dispatcher: Dispatcher, deliveries: Deliveries, options: GatewayOptions) -> None:
        self._dispatcher = dispatcher
        self._deliveries = deliveries
        self._options = options

    async def relay(self, call: Call, hold: Hold, running: RunningJob, headers: Headers, *, sees_balance: bool) -> None:
        """From dispatch to the last byte. What it raises has not been settled yet."""

        async def read(response: UpstreamResponse, crossing: Crossing) -> PlainAnswer | ProviderFault:
            raw = await response.read(self._options.answer_most_bytes)
            response.close()
            return crossing.read_answer(response.status, content_type(response), raw)

        answer = await self._dispatcher.dispatch_plain(call, hold, running, read)
        hold.mark_first_byte()
        settled = await hold.settle(
            Ending(
                # A drained answer is charged as what it used; the receipt says why nobody read it.
                outcome="client_disconnected" if call.exchange.is_gone else "completed",
                reported=answer.usage,
                delivered_output_tokens=answer.estimated_output_tokens,
                saw_data=True,
                provider_request_id=answer.provider_id,
                is_counted=answer.is_counted,
            )
        )
        cost = format_amount(settled.charge_nano)
        usage = answer.usage or Usage(
            input_tokens=hold.quoted.usual_input_tokens, output_tokens=answer.estimated_output_tokens
        )
        body = hold.crossing.stamp_answer(answer, JobStamp(call.id, hold.quoted.model.name), cost, usage)
        media = hold.quoted.parsed.media
        gives = JSON if media is None else (b"content-type", media.gives)
        headers += (gives, (b"farebox-cost", cost.encode()))
        if sees_balance and settled.balance_after_nano is not None:
            headers.append((b"farebox-balance", format_amount(settled.balance_after_nano).encode()))
        await call.exchange.answer(200, headers, body)
        self._deliveries.watch(call.exchange, call.id)
