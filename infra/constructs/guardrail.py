"""What no question may ask and no answer may tell; figures need no guardrail, their check is arithmetic.

Contextual grounding is left out on purpose: it scores how alike two texts are,
and an answer with one digit wrong is as alike as the right one. Here every
figure is re-added from its records before it is printed, and a draft with a
number of its own is not shown.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aws_cdk import aws_bedrock as bedrock
from constructs import Construct

FILTERS = ("SEXUAL", "HATE", "INSULTS")
"""Not VIOLENCE or MISCONDUCT: demolition, blasting, liens and claims are a contractor's day."""
SECRETS = ("AWS_ACCESS_KEY", "AWS_SECRET_KEY", "PASSWORD")
"""Nobody needs these in a question; they are refused."""
NUMBERS = (
    "CREDIT_DEBIT_CARD_CVV",
    "CREDIT_DEBIT_CARD_NUMBER",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "US_BANK_ACCOUNT_NUMBER",
    "US_BANK_ROUTING_NUMBER",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
    "US_PASSPORT_NUMBER",
    "US_SOCIAL_SECURITY_NUMBER",
)
"""Masked, and record text that holds one is not read out. Names, addresses, telephones and mail of vendors,
owners and staff pass: who is owed what is the question."""
PERSONAL_PAY = {
    "name": "Pay of one person",
    "definition": "Asking for, or telling, the wage, salary, deductions or bank details of one named employee. "
    "Labor cost of jobs, crews, codes or the whole company is not meant.",
    "examples": [
        "What does Pat earn an hour?",
        "Show me the paycheck of our superintendent",
        "Which bank account is Sam paid to?",
    ],
}
REFUSED_QUESTION = "This question cannot be put to the language model. Ask about jobs, costs, margins or cash."
REFUSED_ANSWER = "The answer of the language model was withheld."


class Guardrail(Construct):
    """A guardrail and its numbered version; a change of the rules below makes a new version, never a draft.

    It keeps to the Region (tier CLASSIC): the other tier sends text to other
    Regions. It holds rules and none of the tenant's data.
    """

    def __init__(self, scope: Construct, name: str, *, tenant: str) -> None:
        super().__init__(scope, name)
        rules = _rules()
        self._guardrail = bedrock.CfnGuardrail(
            self,
            "Guardrail",
            name=f"datablueprint-{tenant}",
            description="What no question may ask and no answer may tell",
            blocked_input_messaging=REFUSED_QUESTION,
            blocked_outputs_messaging=REFUSED_ANSWER,
            **rules,
        )
        self._version = bedrock.CfnGuardrailVersion(
            self,
            f"Version{_digest(rules)}",
            guardrail_identifier=self._guardrail.attr_guardrail_id,
            description=f"Rules {_digest(rules)}",
        )

    @property
    def id(self) -> str:
        return self._guardrail.attr_guardrail_id

    @property
    def version(self) -> str:
        return self._version.attr_version

    @property
    def arn(self) -> str:
        return self._guardrail.attr_guardrail_arn

    @property
    def versioned_arn(self) -> str:
        """How the condition key bedrock:GuardrailIdentifier names it."""
        return f"{self.arn}:{self.version}"


def _rules() -> dict[str, Any]:
    attack = {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"}
    tasteless = [{"type": each, "inputStrength": "MEDIUM", "outputStrength": "MEDIUM"} for each in FILTERS]
    refused = [{"type": each, "action": "BLOCK"} for each in SECRETS]
    masked = [{"type": each, "action": "ANONYMIZE"} for each in NUMBERS]
    return {
        "content_policy_config": {"filtersConfig": [attack, *tasteless]},
        "sensitive_information_policy_config": {"piiEntitiesConfig": [*refused, *masked]},
        "topic_policy_config": {"topicsConfig": [{**PERSONAL_PAY, "type": "DENY"}]},
    }


def _digest(rules: dict[str, Any]) -> str:
    text = json.dumps([rules, REFUSED_QUESTION, REFUSED_ANSWER], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
