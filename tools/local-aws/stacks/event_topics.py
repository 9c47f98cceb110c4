"""
Two corrections of moto's rules. A rule with a schedule and no pattern matches no event; in moto it matches every one. A topic as the target of a rule
is an internal error in moto; here it gets the event as it is, since nobody reads it.
"""

import copy
import json

from moto.events.models import Rule

from . import api


def install():
    moto_send = Rule.send_to_targets

    def send_to_targets(self, original_event, transform_input=True):
        if not self.event_pattern.get_pattern() or not self.event_pattern.matches_event(original_event):
            return
        topics = [target["Arn"] for target in self.targets if target["Arn"].split(":")[2] == "sns"]
        for topic in topics:
            api.client("sns", topic.split(":")[3]).publish(TopicArn=topic, Message=json.dumps(original_event))
        others = copy.copy(self)
        others.targets = [target for target in self.targets if target["Arn"] not in topics]
        moto_send(others, original_event, transform_input)

    Rule.send_to_targets = send_to_targets
